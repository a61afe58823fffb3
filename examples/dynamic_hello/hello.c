#include <math.h>
#include <stdio.h>

#include "greet.h"

int main(int argc, char **argv) {
    (void)argv;
    greet("from C");
    // Not known when it is compiled, so that libm is needed.
    printf("the root of 2 is %.3f\n", sqrt(argc + 1.0) + 0.0 * pow(argc, 0.5));
    return 0;
}
