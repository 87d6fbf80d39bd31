package dev.jassay.cli;

/** Lets a work end with what it has on SIGINT, while this is open. A second one ends the process, as Java would have on the first. */
final class CtrlC implements AutoCloseable {
    private final Interruption interruption = new Interruption();
    private final Signals.Taken taken;

    private CtrlC() {
        taken = Signals.take("INT", this::receive);
    }

    static CtrlC take() {
        return new CtrlC();
    }

    Interruption interruption() {
        return interruption;
    }

    private void receive() {
        if (interruption.isRequested()) {
            Runtime.getRuntime().exit(ExitCode.INTERRUPTED);
        }
        interruption.request();
    }

    @Override
    public void close() {
        taken.close();
    }
}
