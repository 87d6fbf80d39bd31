package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a function: arguments and streams to an exit code. */
final class Jassay {
    private static final List<String> COMMANDS =
            List.of("serve", "check", "split", "schema", "merge", "report", "generate", "info", "demo");

    private Jassay() {}

    private static Object command(String name, StandardStreams streams) {
        return switch (name) {
            case "serve" -> new ServeCommand(streams);
            case "check" -> new CheckCommand(streams);
            case "split" -> new SplitCommand(streams);
            case "schema" -> new SchemaCommand(streams);
            case "merge" -> new MergeCommand(streams);
            case "report" -> new ReportCommand(streams);
            case "generate" -> new GenerateCommand(streams);
            case "info" -> new InfoCommand(streams);
            case "demo" -> new DemoCommand(streams);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Runs one command to its end, and tells on the error stream what goes wrong. */
    static int run(StandardStreams streams, String... arguments) {
        try {
            return commandLine(streams, arguments).execute(arguments);
        } catch (Error failure) { // picocli lets them pass
            return tellDefect(failure, streams);
        }
    }

    /** With the command that is asked for alone where that can be told: to read the annotations of all of them takes time. */
    static CommandLine commandLine(StandardStreams streams, String... arguments) {
        CommandLine root = new CommandLine(new JassayCommand());
        root.getCommandSpec().mixinStandardHelpOptions(true);
        if (arguments.length > 0 && COMMANDS.contains(arguments[0])) {
            add(root, arguments[0], streams);
        } else {
            COMMANDS.forEach(name -> add(root, name, streams));
        }
        return root.registerConverter(Integer.class, wholeNumber(Integer::valueOf))
                .registerConverter(int.class, wholeNumber(Integer::valueOf))
                .registerConverter(long.class, wholeNumber(Long::valueOf))
                .registerConverter(Path.class, Jassay::fileName)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setOut(new PrintWriter(new OutputStreamWriter(streams.out(), UTF_8), true))
                .setErr(new PrintWriter(streams.err(), true, UTF_8))
                .setParameterExceptionHandler((mistake, _) -> tellMistake(mistake, streams))
                .setExecutionExceptionHandler((failure, _, _) -> tellFailure(failure, streams));
    }

    private static void add(CommandLine root, String name, StandardStreams streams) {
        CommandLine command = new CommandLine(command(name, streams));
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this text.")
                        .build());
        root.addSubcommand(name, command);
    }

    private static <N> ITypeConverter<N> wholeNumber(Function<String, N> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (NumberFormatException _) {
                throw new TypeConversionException("'" + text + "' is no whole number, or one too large");
            }
        };
    }

    private static Path fileName(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the name is empty; name a file");
        }
        return Path.of(text);
    }

    private static int tellMistake(ParameterException mistake, StandardStreams streams) {
        String command = mistake.getCommandLine().getCommandSpec().qualifiedName();
        String what = mistake instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                ? "'" + String.join(" ", unmatched.getUnmatched()) + "' is not expected here"
                : String.valueOf(mistake.getMessage());
        tell(streams, what + "; see '" + command + " --help'");
        return ExitCode.USAGE;
    }

    private static int tellFailure(Exception failure, StandardStreams streams) {
        if (failure instanceof CommandFailure told) {
            tell(streams, told.text());
            told.lines().forEach(line -> streams.err().println("    " + VisibleText.of(line)));
            return told.exitCode();
        }
        if (failure instanceof InterruptedException) {
            return ExitCode.INTERRUPTED;
        }
        return tellDefect(failure, streams);
    }

    private static int tellDefect(Throwable failure, StandardStreams streams) {
        tell(streams, "a defect of jassay, please report it: " + failure);
        failure.printStackTrace(streams.err());
        return ExitCode.SERVICE;
    }

    private static void tell(StandardStreams streams, String text) {
        streams.err().println("jassay: " + VisibleText.of(text));
    }
}
