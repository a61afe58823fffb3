package app;

import words.Words;

/** Says hello with a class of another jar. */
public final class Main {
    public static void main(String[] arguments) {
        System.out.println(Words.loud("hello from a class path"));
    }
}
