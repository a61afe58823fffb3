#include <stdio.h>

int main(void) {
    return puts("Hello from an image of its own.") < 0;
}
