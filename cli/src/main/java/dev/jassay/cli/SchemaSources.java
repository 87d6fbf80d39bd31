package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jassay.engine.SchemaException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a schema and its resources are read from.
 *
 * @param schema the file of the schema itself, if one is named; {@code -} is standard input, here and below
 * @param resources their files by URI
 */
record SchemaSources(Optional<String> schema, Map<String, String> resources) {
    /** What the service takes of a schema and its resources; more is not read either. */
    static final int MAX_BYTES = 4 << 20;

    private static final String STANDARD_INPUT_NAME = "stdin";
    private static final String RESOURCE_FLAG = "--schema-resource";

    /**
     * What was read.
     *
     * @param schema not there if no file is named
     * @param resources by URI
     */
    record Texts(Optional<String> schema, Map<String, String> resources) {}

    /**
     * Takes flags apart.
     *
     * @param resources each as URI=FILE; a URI may have equals signs itself
     * @throws CommandFailure (USAGE) if one is anything else, or a URI or standard input is named twice
     */
    static SchemaSources of(Optional<String> schema, List<String> resources) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String text : resources) {
            int end = text.lastIndexOf('=');
            if (end < 1 || end == text.length() - 1) {
                throw wrong(text, "write URI=FILE, as in " + RESOURCE_FLAG + " https://example.com/price=price.json");
            }
            String uri = text.substring(0, end);
            if (files.put(uri, text.substring(end + 1)) != null) {
                throw wrong(text, "the resource " + uri + " is given twice; give each once");
            }
        }
        SchemaSources sources = new SchemaSources(schema, files);
        if (sources.names().filter(Input.STANDARD_INPUT::equals).count() > 1) {
            throw new CommandFailure(
                    ExitCode.USAGE, "standard input is named for more than one schema: name files for the others");
        }
        return sources;
    }

    private static CommandFailure wrong(String text, String what) {
        return new CommandFailure(ExitCode.USAGE, RESOURCE_FLAG + " " + text + ": " + what);
    }

    private Stream<String> names() {
        return Stream.concat(schema.stream(), resources.values().stream());
    }

    /** @throws CommandFailure (USAGE) if one of them is standard input, and one of the inputs too */
    void requireStandardInputForOne(List<String> inputs) {
        if (inputs.contains(Input.STANDARD_INPUT) && names().anyMatch(Input.STANDARD_INPUT::equals)) {
            throw new CommandFailure(
                    ExitCode.USAGE, "input and schema cannot both be standard input: name a file for one of them");
        }
    }

    /** The files that were named, which must not be written over. */
    List<Path> files() {
        return names().filter(name -> !name.equals(Input.STANDARD_INPUT))
                .map(Path::of)
                .toList();
    }

    /** @throws CommandFailure (USAGE) if one cannot be read, is empty or is not UTF-8, or all together are too large */
    Texts read(StandardStreams streams) {
        Reader reader = new Reader(streams);
        Optional<String> text = schema.map(reader::read);
        Map<String, String> texts = new LinkedHashMap<>();
        resources.forEach((uri, file) -> texts.put(uri, reader.read(file)));
        return new Texts(text, texts);
    }

    /** Reads schemas as long as they are not too large together. */
    private static final class Reader {
        private final StandardStreams streams;
        private int left = MAX_BYTES;

        Reader(StandardStreams streams) {
            this.streams = streams;
        }

        String read(String file) {
            try (Input input = open(file, streams)) {
                byte[] bytes = Channels.newInputStream(input.channel()).readNBytes(left + 1);
                left -= bytes.length;
                if (left < 0) {
                    throw unusable(name(file) + " is too large: a schema and its resources have at most "
                            + Figures.count(MAX_BYTES, "byte") + " together");
                }
                if (bytes.length == 0) {
                    // To the service, that is no schema at all.
                    throw unusable(name(file) + " is empty");
                }
                return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException _) {
                throw unusable(name(file) + " is not UTF-8");
            } catch (IOException failure) {
                throw unusable(name(file) + " cannot be read: " + failure.getMessage());
            }
        }
    }

    /** As {@link Input#open} tells it; but it is the command that is wrong. */
    private static Input open(String file, StandardStreams streams) {
        try {
            return Input.open(file, streams);
        } catch (CommandFailure failure) {
            throw unusable(failure.text());
        }
    }

    private static CommandFailure unusable(String what) {
        return new CommandFailure(ExitCode.USAGE, "the schema cannot be used: " + what);
    }

    private static String name(String file) {
        return file.equals(Input.STANDARD_INPUT) ? STANDARD_INPUT_NAME : file;
    }

    /** Of the schema itself, for people. */
    String name() {
        return schema.map(SchemaSources::name).orElse("the config's schema");
    }

    /** A place in a schema, as FILE#/pointer; by its URI where no file was named for it. */
    String place(String resource, String pointer) {
        String named = resource.isEmpty() ? name() : name(resources.getOrDefault(resource, resource));
        return named + "#" + pointer;
    }

    /** To be thrown where records cannot be judged by them. */
    CommandFailure failure(List<Problem> problems) {
        List<String> lines = new ArrayList<>();
        for (Problem problem : problems) {
            lines.add(place(problem.resource(), problem.pointer()) + "  " + problem.description());
        }
        String next = schema.map(file -> "'jassay schema " + file + "'"
                        + (resources.isEmpty() ? "" : " with the same " + RESOURCE_FLAG) + " tells all that is wrong")
                .orElse("correct it in the config file");
        return new CommandFailure(ExitCode.USAGE, "the schema cannot be judged by; " + next + ":", lines);
    }
}
