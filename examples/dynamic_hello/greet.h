#ifndef EXAMPLES_DYNAMIC_HELLO_GREET_H_
#define EXAMPLES_DYNAMIC_HELLO_GREET_H_

#ifdef __cplusplus
extern "C" {
#endif

// Prints a greeting; a library of its own, so that the program needs it at run time.
void greet(const char *whom);

#ifdef __cplusplus
}
#endif

#endif
