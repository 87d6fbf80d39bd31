package dev.jassay.cli;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessConfig;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@link ProcessConfig} written as protobuf JSON. Names it does not know are told, all of them: a misspelt limit is no limit. */
final class ConfigFile {
    private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

    private ConfigFile() {}

    /** @throws CommandFailure (USAGE) if the file cannot be read, is no JSON, or is no ProcessConfig */
    static ProcessConfig read(Path file) {
        try {
            String text = Files.readString(file);
            examine(file, text);
            ProcessConfig.Builder config = ProcessConfig.newBuilder();
            JsonFormat.parser().merge(text, config);
            return config.build();
        } catch (NoSuchFileException _) {
            throw wrong(file, "does not exist");
        } catch (AccessDeniedException _) {
            throw wrong(file, "cannot be read: permission denied");
        } catch (CharacterCodingException _) {
            throw wrong(file, "is not UTF-8");
        } catch (MalformedJsonException | EOFException mistake) {
            throw wrong(file, "is no JSON" + place(mistake));
        } catch (InvalidProtocolBufferException mistake) {
            throw wrong(file, "is no ProcessConfig as JSON: " + mistake.getMessage());
        } catch (IOException failure) {
            throw wrong(file, "cannot be read: " + failure.getMessage());
        }
    }

    /** Where the mistake is, to follow what it is. The reader tells it in a text that is for those who program it. */
    static String place(IOException mistake) {
        Matcher place = PLACE.matcher(String.valueOf(mistake.getMessage()));
        return place.find() ? ": see " + place.group() : "";
    }

    private static CommandFailure wrong(Path file, String what) {
        return new CommandFailure(ExitCode.USAGE, "--config: " + file + " " + what);
    }

    /** Reads strictly, as the parser of messages does not. */
    private static void examine(Path file, String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        List<String> unknown = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        walk(reader, ProcessConfig.getDescriptor(), "", unknown, repeated);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw wrong(file, "goes on after the config");
        }
        if (!unknown.isEmpty()) {
            throw wrong(file, "has unknown fields: " + String.join(", ", unknown));
        }
        if (!repeated.isEmpty()) {
            throw wrong(file, "repeats fields: " + String.join(", ", repeated));
        }
    }

    /** @param type what an object here is, null where its names are free */
    private static void walk(
            JsonReader reader, @Nullable Descriptor type, String path, List<String> unknown, List<String> repeated)
            throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                Set<String> seen = new HashSet<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = reader.nextName();
                    FieldDescriptor field = type == null ? null : field(type, name);
                    if (type != null && field == null) {
                        unknown.add(path + name);
                    }
                    if (!seen.add(name)) {
                        repeated.add(path + name);
                    }
                    walk(reader, typeOf(field), path + name + ".", unknown, repeated);
                }
                reader.endObject();
            }
            case BEGIN_ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    walk(reader, type, path, unknown, repeated);
                }
                reader.endArray();
            }
            default -> reader.skipValue();
        }
    }

    private static @Nullable Descriptor typeOf(@Nullable FieldDescriptor field) {
        if (field == null || field.isMapField() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return null;
        }
        return field.getMessageType();
    }

    private static @Nullable FieldDescriptor field(Descriptor type, String name) {
        for (FieldDescriptor field : type.getFields()) {
            if (field.getName().equals(name) || field.getJsonName().equals(name)) {
                return field;
            }
        }
        return null;
    }
}
