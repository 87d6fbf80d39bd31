package dev.jassay.bench;

/** Tells on standard error what is under way. */
final class Progress {
    private Progress() {}

    static void tell(String what) {
        System.err.println("bench: " + what);
    }
}
