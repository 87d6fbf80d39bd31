package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Verdict;
import dev.jassay.web.ConfigJson;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A result as {@code check --output json} wrote it. It is passed on token by token and never becomes a message: it may be large, and may
 * have fields of a newer version, which are kept.
 */
final class SavedResult {
    /**
     * What a file may have: twice that fits the heap that {@code bin/jassay} asks for. A result of the default size has a fifth of it.
     */
    static final int MAX_BYTES = 64 << 20;

    private static final Descriptor TYPE = ProcessResult.getDescriptor();
    private static final FieldDescriptor VERDICT = TYPE.findFieldByNumber(ProcessResult.VERDICT_FIELD_NUMBER);
    private static final FieldDescriptor COUNTS = TYPE.findFieldByNumber(ProcessResult.COUNTS_FIELD_NUMBER);
    private static final Set<String> VERDICTS = Set.of(Verdict.VERDICT_PASS.name(), Verdict.VERDICT_FAIL.name());

    private final String name;
    private final List<Path> files;
    private final byte[] json;

    private SavedResult(String name, List<Path> files, byte[] json) {
        this.name = name;
        this.files = files;
        this.json = json;
    }

    /**
     * Reads all of it.
     *
     * @param file {@code -} is standard input
     * @throws CommandFailure (INPUT) if it cannot be read, (USAGE) if it is no result or has more than {@link #MAX_BYTES}
     */
    static SavedResult read(String file, StandardStreams streams) {
        try (Input input = Input.open(file, streams)) {
            byte[] bytes = Channels.newInputStream(input.channel()).readNBytes(MAX_BYTES + 1);
            SavedResult result = new SavedResult(input.name(), input.files(), bytes);
            if (bytes.length > MAX_BYTES) {
                throw result.wrong("is no result, or too large a one: it has more than "
                        + Figures.count(MAX_BYTES, "byte") + "; 'jassay check --max-result-bytes' makes smaller ones");
            }
            result.examine();
            return result;
        } catch (IOException failure) {
            throw Input.unreadable(file, failure);
        }
    }

    /** The files that it was read from, which must not be written over. */
    List<Path> files() {
        return files;
    }

    private CommandFailure wrong(String what) {
        return new CommandFailure(ExitCode.USAGE, name + " " + what);
    }

    private CommandFailure noResult(String why) {
        return wrong("is no result: " + why + "; 'jassay check FILE --output json' makes one");
    }

    private void examine() throws IOException {
        try {
            writeTo(Writer.nullWriter());
        } catch (CharacterCodingException _) {
            throw noResult("it is not UTF-8");
        } catch (MalformedJsonException | EOFException mistake) {
            throw noResult("it is no JSON" + ConfigJson.place(mistake));
        }
    }

    /** Writes it as JSON that can stand in a script element of HTML: nothing in it ends that, or begins a comment. */
    void writeTo(Writer out) throws IOException {
        Reader text = new InputStreamReader(new ByteArrayInputStream(json), UTF_8.newDecoder());
        JsonReader reader = new JsonReader(text);
        reader.setStrictness(Strictness.STRICT);
        JsonWriter writer = new JsonWriter(out);
        writer.setHtmlSafe(true);
        new Passage(reader, writer).run();
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new MalformedJsonException("it goes on after its end");
        }
        writer.flush();
    }

    /** One way of the tokens from reader to writer. Values are of the kinds of their fields; what no field is, passes as it is. */
    private final class Passage {
        private final JsonReader reader;
        private final JsonWriter writer;
        private final Set<FieldDescriptor> seen = new HashSet<>();

        Passage(JsonReader reader, JsonWriter writer) {
            this.reader = reader;
            this.writer = writer;
        }

        void run() throws IOException {
            expect(Set.of(JsonToken.BEGIN_OBJECT));
            pass(Optional.of(TYPE));
            for (FieldDescriptor field : List.of(VERDICT, COUNTS)) {
                if (!seen.contains(field)) {
                    throw noResult("it has no " + field.getName());
                }
            }
        }

        /** @param type what an object here is, if that is known */
        private void pass(Optional<Descriptor> type) throws IOException {
            switch (reader.peek()) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    writer.beginObject();
                    while (reader.hasNext()) {
                        passMember(type, reader.nextName());
                    }
                    reader.endObject();
                    writer.endObject();
                }
                case BEGIN_ARRAY -> passElements(() -> pass(Optional.empty()));
                case STRING -> writer.value(reader.nextString());
                case NUMBER -> writer.jsonValue(reader.nextString());
                case BOOLEAN -> writer.value(reader.nextBoolean());
                default -> {
                    reader.nextNull();
                    writer.nullValue();
                }
            }
        }

        private void passElements(Step step) throws IOException {
            reader.beginArray();
            writer.beginArray();
            while (reader.hasNext()) {
                step.run();
            }
            reader.endArray();
            writer.endArray();
        }

        /** Its name may be that of the proto file too, as every reader of protobuf's JSON has it. */
        private void passMember(Optional<Descriptor> type, String name) throws IOException {
            Optional<FieldDescriptor> known = type.stream()
                    .flatMap(message -> message.getFields().stream())
                    .filter(field ->
                            field.getJsonName().equals(name) || field.getName().equals(name))
                    .findFirst();
            writer.name(known.map(FieldDescriptor::getJsonName).orElse(name));
            if (known.isEmpty()) {
                pass(Optional.empty());
                return;
            }
            FieldDescriptor field = known.get();
            seen.add(field);
            if (field.isRepeated() && !field.isMapField()) {
                expect(Set.of(JsonToken.BEGIN_ARRAY));
                passElements(() -> passValue(field));
            } else {
                passValue(field);
            }
        }

        private void passValue(FieldDescriptor field) throws IOException {
            expect(kinds(field));
            if (field.equals(VERDICT)) {
                passVerdict();
            } else {
                boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField();
                pass(isMessage ? Optional.of(field.getMessageType()) : Optional.empty());
            }
        }

        private void passVerdict() throws IOException {
            String verdict = reader.nextString();
            if (!VERDICTS.contains(verdict)) {
                throw noResult("its verdict is '" + verdict + "'");
            }
            writer.value(verdict);
        }

        private void expect(Set<JsonToken> kinds) throws IOException {
            JsonToken found = reader.peek();
            if (!kinds.contains(found)) {
                throw noResult("another kind of value is expected at " + reader.getPath());
            }
        }
    }

    /** A step of the way. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** Of 64 bits, numbers are strings; so are doubles that are no JSON numbers. An enum is a number where its writer knew no name for it. */
    private static Set<JsonToken> kinds(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> Set.of(JsonToken.BEGIN_OBJECT);
            case BOOLEAN -> Set.of(JsonToken.BOOLEAN);
            case STRING, BYTE_STRING -> Set.of(JsonToken.STRING);
            case ENUM, INT, LONG, FLOAT, DOUBLE -> Set.of(JsonToken.STRING, JsonToken.NUMBER);
        };
    }
}
