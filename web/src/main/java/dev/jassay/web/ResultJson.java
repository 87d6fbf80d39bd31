package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationGroup;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes an encoded {@code ProcessResult} as JSON, with fields that are 0: as {@link JsonFormat} does, but what may be large piece by
 * piece. A message of the largest result, and its text, would take more than the heap has.
 */
final class ResultJson {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().alwaysPrintFieldsWithNoPresence();

    private static final int BUFFER_BYTES = 32 << 10;

    /** Of which there may be many. */
    private static final SortedMap<Integer, Parser<? extends Message>> REPEATED = new TreeMap<>(Map.of(
            ProcessResult.GROUPS_FIELD_NUMBER, ViolationGroup.parser(),
            ProcessResult.VIOLATIONS_FIELD_NUMBER, Violation.parser(),
            ProcessResult.FIELDS_FIELD_NUMBER, FieldProfile.parser()));

    private static final int STATE = ProcessResult.STATE_FIELD_NUMBER;

    private final byte[] encoded;

    private ResultJson(byte[] encoded) {
        this.encoded = encoded;
    }

    static void write(byte[] encoded, OutputStream to) throws IOException {
        BufferedOutputStream out = new BufferedOutputStream(to, BUFFER_BYTES);
        new ResultJson(encoded).write(out);
        out.write('\n');
        out.flush();
    }

    /** As the last event of a call, in one line: only how it ended, since all else comes as the answer. */
    static String event(byte[] encoded) throws IOException {
        ProcessResult rest = new ResultJson(encoded).rest();
        ProcessResult.Builder end = ProcessResult.newBuilder()
                .setVerdict(rest.getVerdict())
                .setTermination(rest.getTermination())
                .setCounts(rest.getCounts());
        return JsonFormat.printer()
                .omittingInsignificantWhitespace()
                .print(ProcessEvent.newBuilder().setResult(end));
    }

    /** The text of the rest has an empty value where each large field belongs. Line feeds in it are of its form only, never of a value. */
    private void write(OutputStream out) throws IOException {
        String rest = PRINTER.print(rest());
        int from = 0;
        SortedMap<Integer, String> empty = new TreeMap<>();
        REPEATED.keySet().forEach(number -> empty.put(number, emptyValue(number, "[]")));
        empty.put(STATE, emptyValue(STATE, "\"\""));
        for (Map.Entry<Integer, String> field : empty.entrySet()) {
            int value = rest.indexOf(field.getValue(), from) + field.getValue().length() - 1;
            out.write(rest.substring(from, value).getBytes(UTF_8));
            if (field.getKey() == STATE) {
                writeState(out);
            } else {
                writeElements(field.getKey(), out);
            }
            from = value;
        }
        out.write(rest.substring(from).getBytes(UTF_8));
    }

    private static String emptyValue(int number, String value) {
        FieldDescriptor field = ProcessResult.getDescriptor().findFieldByNumber(number);
        return "\n  \"" + field.getJsonName() + "\": " + value;
    }

    private ProcessResult rest() throws IOException {
        ProcessResult.Builder rest = ProcessResult.newBuilder();
        CodedInputStream in = CodedInputStream.newInstance(encoded);
        while (!in.isAtEnd()) {
            int from = in.getTotalBytesRead();
            int tag = in.readTag();
            in.skipField(tag);
            if (!isLarge(WireFormat.getTagFieldNumber(tag))) {
                rest.mergeFrom(encoded, from, in.getTotalBytesRead() - from);
            }
        }
        return rest.build();
    }

    private static boolean isLarge(int number) {
        return number == STATE || REPEATED.containsKey(number);
    }

    private void writeElements(int number, OutputStream out) throws IOException {
        Parser<? extends Message> parser = requireNonNull(REPEATED.get(number));
        String separator = "";
        CodedInputStream in = CodedInputStream.newInstance(encoded);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == number) {
                int length = in.readRawVarint32();
                Message element = parser.parseFrom(encoded, in.getTotalBytesRead(), length);
                in.skipRawBytes(length);
                out.write((separator + PRINTER.print(element).replace("\n", "\n  ")).getBytes(UTF_8));
                separator = ", ";
            } else {
                in.skipField(tag);
            }
        }
    }

    private void writeState(OutputStream out) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(encoded);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == STATE) {
                int length = in.readRawVarint32();
                writeBase64(in.getTotalBytesRead(), length, out);
                in.skipRawBytes(length);
            } else {
                in.skipField(tag);
            }
        }
    }

    /** Whole groups of three bytes at a time, so that the texts of the pieces make that of the whole. */
    private void writeBase64(int from, int length, OutputStream out) throws IOException {
        int pieceBytes = 3 * (BUFFER_BYTES / 4);
        for (int done = 0; done < length; done += pieceBytes) {
            int end = from + Math.min(done + pieceBytes, length);
            out.write(Base64.getEncoder().encode(Arrays.copyOfRange(encoded, from + done, end)));
        }
    }
}
