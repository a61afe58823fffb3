// Reads its data file as the runfiles libraries find theirs: by RUNFILES_DIR, else beside the program.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

int main(int, char** argv) {
    const char* given = std::getenv("RUNFILES_DIR");
    const std::string runfiles = given ? given : std::string(argv[0]) + ".runfiles";
    std::ifstream file(runfiles + "/_main/examples/languages/data of cc/poem.txt");
    std::string line;
    if (!std::getline(file, line)) {
        std::cerr << "no poem in " << runfiles << "\n";
        return 1;
    }
    std::cout << std::getenv("GREETING") << " from C++, " << line << "\n";
}
