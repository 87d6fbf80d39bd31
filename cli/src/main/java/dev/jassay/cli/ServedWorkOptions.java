package dev.jassay.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags of commands whose work a server can do too, and whose result can be part of a larger one. */
final class ServedWorkOptions extends WorkOptions {
    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "Have a server work. Default: an engine in this process.")
    private Optional<String> endpoint = Optional.empty();

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "Write a state there, from which 'jassay merge' makes the result of the whole.")
    private Optional<Path> stateFile = Optional.empty();

    @Override
    Optional<Path> stateFile() {
        return stateFile;
    }

    /**
     * Who works: the server, or an engine in this process.
     *
     * @throws CommandFailure (USAGE) if a flag of that engine is out of its range, or given beside a server
     */
    Judge judge(LocalEngine local) {
        if (endpoint.isEmpty()) {
            return new EngineJudge(local.options());
        }
        local.given().ifPresent(flag -> {
            throw new CommandFailure(ExitCode.USAGE, flag + " is for judging here: with --endpoint the server decides");
        });
        return new ServerJudge(endpoint.get());
    }
}
