#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include "greet.h"

int main() {
    greet("from C++");
    try {
        throw std::runtime_error("an exception unwinds the stack, with libgcc_s");
    } catch (const std::exception &error) {
        std::cout << error.what() << std::endl;
    }
    return 0;
}
