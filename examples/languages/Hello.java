/** Says which Java runs it, and reads a resource of its jar. */
public final class Hello {
    public static void main(String[] arguments) throws Exception {
        try (var poem = Hello.class.getResourceAsStream("/poem.txt")) {
            System.out.print("hello from Java " + Runtime.version().feature() + ", " + new String(poem.readAllBytes()));
        }
    }
}
