package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import com.google.protobuf.ByteString;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.Record;
import dev.jassay.v1.Violation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

/**
 * A line of JSON for each invalid record, fit for a queue of dead letters: where it stood, its bytes, and its violations.
 *
 * <p>{@code record} has the bytes as text, where they are UTF-8 and come in one piece; else {@code record_base64} has them. So no line needs
 * its record in memory, however long it is.
 */
final class ErrorLines {
    private static final int BUFFER_CHARS = 64 << 10;

    /** Bytes that Base64 writes without padding between them. */
    private static final int GROUP_BYTES = 3;

    private final Writer out;
    private final String source;
    private final Deque<Violation> told = new ArrayDeque<>();

    /** Of a record that comes in pieces: those of the last one that make no whole group. */
    private ByteString rest = ByteString.EMPTY;

    private boolean within;

    ErrorLines(OutputStream out, String source) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, UTF_8), BUFFER_CHARS);
        this.source = source;
    }

    /** Events come in their order: the violations of a record before its last piece. */
    void take(ProcessEvent event) throws IOException {
        told.addAll(event.getViolations().getViolationsList());
        for (Record piece : event.getRecords().getRecordsList()) {
            take(piece);
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    private void take(Record piece) throws IOException {
        if (!within) {
            begin(piece);
        }
        if (!within && piece.getLast() && piece.getContent().isValidUtf8()) {
            out.write(",\"record\":");
            out.write(quoted(piece.getContent().toStringUtf8()));
        } else {
            encode(piece);
        }
        within = !piece.getLast();
        if (piece.getLast()) {
            end(piece.getRecordIndex());
        }
    }

    private void begin(Record record) throws IOException {
        out.write(
                "{\"source\":" + quoted(source) + ",\"record_index\":" + Long.toUnsignedString(record.getRecordIndex())
                        + ",\"line\":" + Long.toUnsignedString(record.getLine())
                        + ",\"byte_offset\":" + Long.toUnsignedString(record.getByteOffset()));
    }

    private void encode(Record piece) throws IOException {
        if (!within) {
            out.write(",\"record_base64\":\"");
        }
        ByteString bytes = rest.concat(piece.getContent());
        int whole = piece.getLast() ? bytes.size() : bytes.size() / GROUP_BYTES * GROUP_BYTES;
        out.write(Base64.getEncoder().encodeToString(bytes.substring(0, whole).toByteArray()));
        rest = bytes.substring(whole);
        if (piece.getLast()) {
            out.write('"');
        }
    }

    private void end(long index) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter violations = writer(text).beginArray();
        while (!told.isEmpty() && told.getFirst().getRecordIndex() == index) {
            write(told.removeFirst(), violations);
        }
        violations.endArray();
        out.write(",\"violations\":" + text + "}\n");
    }

    private static void write(Violation violation, JsonWriter json) throws IOException {
        String code = violation.getCode().name();
        json.beginObject().name("code").value(code.replace("VIOLATION_CODE_", ""));
        json.name("error_offset").value(violation.getErrorOffset());
        json.name("instance_pointer").value(violation.getInstancePointer());
        if (!violation.getKeyword().isEmpty()) {
            json.name("keyword").value(violation.getKeyword());
            json.name("schema_pointer").value(violation.getSchemaPointer());
        }
        json.name("message").value(violation.getMessage()).endObject();
    }

    private static String quoted(String text) throws IOException {
        StringWriter quoted = new StringWriter(text.length() + 2);
        writer(quoted).value(text);
        return quoted.toString();
    }

    private static JsonWriter writer(StringWriter to) {
        JsonWriter json = new JsonWriter(to);
        json.setHtmlSafe(false);
        json.setStrictness(Strictness.LENIENT);
        return json;
    }
}
