package dev.jassay.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that holds the others. */
@Command(
        name = "jassay",
        description = "Judges streams of JSON records: which are valid, which are not, and exactly where and why.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        footer = {"", "'jassay COMMAND --help' tells the flags and exit codes of a command."})
final class JassayCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called where no command is named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
