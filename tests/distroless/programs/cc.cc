// A program in C++: exceptions, threads, streams, regular expressions, and OpenMP.
#include <future>
#include <iostream>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

int main() {
  try {
    throw std::runtime_error("thrown");
  } catch (const std::exception &error) {
    std::cout << error.what() << '\n';
  }
  std::cout << std::async(std::launch::async, [] { return 6 * 7; }).get() << '\n';
  std::cout << std::regex_replace(std::string("a-b"), std::regex("-"), "+") << '\n';
  // A thread that ends itself unwinds its stack by libgcc_s.
  pthread_t thread;
  pthread_create(&thread, nullptr, [](void *) -> void * { pthread_exit(nullptr); }, nullptr);
  pthread_join(thread, nullptr);
  long sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 1; i <= 1000; i++) sum += i;
  std::cout << sum << '\n';
}
