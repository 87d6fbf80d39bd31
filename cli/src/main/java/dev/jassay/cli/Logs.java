package dev.jassay.cli;

/** How much is logged. */
final class Logs {
    /** The system property that logback.xml takes the level from. */
    private static final String LEVEL = "jassay.log";

    private Logs() {}

    /** Leaves out what only an operator wants to read, unless the property asks for it. To be called before anything is logged. */
    static void quiet() {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, "WARN");
        }
    }
}
