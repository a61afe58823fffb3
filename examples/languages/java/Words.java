package words;

/** A library in a jar of its own. */
public final class Words {
    public static String loud(String text) {
        return text.toUpperCase();
    }
}
