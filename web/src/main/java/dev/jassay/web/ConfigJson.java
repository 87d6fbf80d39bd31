package dev.jassay.web;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A {@link ProcessConfig} written as protobuf JSON. Names it does not know are told, all of them: a misspelt limit is no limit. */
public final class ConfigJson {
    private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

    private ConfigJson() {}

    /**
     * Reads a config.
     *
     * @throws ConfigJsonException if the text is no JSON, or no ProcessConfig
     */
    public static ProcessConfig read(String text) throws ConfigJsonException {
        try {
            examine(text);
            ProcessConfig.Builder config = ProcessConfig.newBuilder();
            JsonFormat.parser().merge(text, config);
            return config.build();
        } catch (MalformedJsonException | EOFException mistake) {
            throw new ConfigJsonException("is no JSON" + place(mistake));
        } catch (InvalidProtocolBufferException mistake) {
            throw new ConfigJsonException("is no ProcessConfig as JSON: " + mistake.getMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("a text can be read", impossible);
        }
    }

    /** Where a mistake in JSON is, to follow what it is; empty if that is not told. The reader tells it in a text for those who program it. */
    public static String place(IOException mistake) {
        Matcher place = PLACE.matcher(String.valueOf(mistake.getMessage()));
        return place.find() ? ": see " + place.group() : "";
    }

    /** Reads strictly, as the parser of messages does not. */
    private static void examine(String text) throws IOException, ConfigJsonException {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        List<String> unknown = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        walk(reader, ProcessConfig.getDescriptor(), "", unknown, repeated);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new ConfigJsonException("goes on after the config");
        }
        if (!unknown.isEmpty()) {
            throw new ConfigJsonException(
                    "has unknown fields: " + String.join(", ", unknown), "the config has no such field", unknown);
        }
        if (!repeated.isEmpty()) {
            throw new ConfigJsonException(
                    "repeats fields: " + String.join(", ", repeated), "stands there twice", repeated);
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
