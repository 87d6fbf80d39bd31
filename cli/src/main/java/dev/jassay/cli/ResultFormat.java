package dev.jassay.cli;

import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.util.Locale;

/** What {@code --output} takes. */
enum ResultFormat {
    TEXT,
    /** The protobuf JSON mapping, with fields that are 0. */
    JSON;

    /** Writes a result, as it goes along: it can be large. */
    void write(ProcessResult result, String inputName, Appendable out) throws IOException {
        switch (this) {
            case TEXT -> TextReport.write(result, inputName, out);
            case JSON -> writeJson(result, out);
        }
    }

    /** Writes any message as JSON. */
    static void writeJson(MessageOrBuilder message, Appendable out) throws IOException {
        Json.write(message, out);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Apart, so that text does not load the classes of JSON. */
    private static final class Json {
        static void write(MessageOrBuilder message, Appendable out) throws IOException {
            JsonFormat.printer().alwaysPrintFieldsWithNoPresence().appendTo(message, out);
            out.append('\n');
        }
    }
}
