package dev.jassay.cli;

import static dev.jassay.cli.RecordBytes.utf8;
import static dev.jassay.v1.ViolationCode.VIOLATION_CODE_DEPTH;
import static dev.jassay.v1.ViolationCode.VIOLATION_CODE_DUPLICATE_KEY;
import static dev.jassay.v1.ViolationCode.VIOLATION_CODE_EMPTY_ELEMENT;
import static dev.jassay.v1.ViolationCode.VIOLATION_CODE_INVALID_UTF8;
import static dev.jassay.v1.ViolationCode.VIOLATION_CODE_LONE_SURROGATE;
import static dev.jassay.v1.ViolationCode.VIOLATION_CODE_SYNTAX;

import dev.jassay.v1.ViolationCode;
import java.util.function.Consumer;

/**
 * What can be wrong with a record of a sample. Each makes exactly one violation, of its code, whatever order it is done to.
 *
 * <p>Where records end is told by quotes and brackets alone, so a fault that unbalances them, or that splits a record in two, would
 * change how many records a stream has: such faults are made only in the formats that survive them.
 */
enum Fault {
    MISSING_COMMA(order -> {
        int comma = order.next(',', order.valueOf("total"));
        order.replace(comma, comma + 1, utf8(" "));
    }),
    DOUBLE_COMMA(order -> order.insert(order.next(',', order.valueOf("total")), utf8(","))),
    TRAILING_COMMA(order -> order.insert(order.lastIndexOf('}'), utf8(","))),
    TRAILING_COMMA_IN_ARRAY(order -> order.insert(order.lastIndexOf(']'), utf8(","))),
    MISSING_COLON(order -> {
        int colon = order.colonAfter("paid");
        order.replace(colon, colon + 1, utf8(" "));
    }),
    UNQUOTED_KEY(order -> {
        int key = order.keyAt("total");
        order.replace(key, order.colonAfter("total"), utf8("total"));
    }),
    NUMBER_AS_KEY(order -> {
        int key = order.keyAt("paid");
        order.replace(key, order.colonAfter("paid"), utf8("7"));
    }),
    SINGLE_QUOTES(order -> order.setScalar("total", "'12.50'")),
    COMMENT(order -> order.insert(order.valueOf("total"), utf8("/* in cents */ "))),
    MISSING_VALUE(order -> order.setScalar("total", "")),
    NAN(order -> order.setScalar("total", "NaN")),
    INFINITY(order -> order.setScalar("total", "-Infinity")),
    LEADING_ZERO(order -> order.setScalar("quantity", "012.50")),
    LEADING_PLUS(order -> order.setScalar("total", "+12.50")),
    LEADING_POINT(order -> order.setScalar("quantity", ".50")),
    TRAILING_POINT(order -> order.setScalar("quantity", "12.")),
    EMPTY_EXPONENT(order -> order.setScalar("total", "1e")),
    LONE_MINUS(order -> order.setScalar("total", "-")),
    HEXADECIMAL(order -> order.setScalar("quantity", "0x1F")),
    CAPITAL_LITERAL(order -> order.setScalar("paid", "True")),
    CUT_LITERAL(order -> order.setScalar("paid", "tru")),
    UNDEFINED(order -> order.setScalar("paid", "undefined")),
    MISMATCHED_BRACKET(order -> {
        int bracket = order.lastIndexOf(']');
        order.replace(bracket, bracket + 1, utf8("}"));
    }),
    BARE_CONTROL_CHARACTER(order -> order.insert(order.valueOf("currency") + 1, utf8("\u0001"))),
    BARE_TAB(order -> order.insert(order.valueOf("title") + 1, utf8("\t"))),
    BAD_ESCAPE(order -> order.insert(order.valueOf("title") + 1, utf8("\\x41"))),
    CUT_ESCAPE(order -> order.insert(order.valueOf("currency") + 1, utf8("\\u00g0"))),
    BYTE_ORDER_MARK(order -> order.insert(1, utf8("\uFEFF"))),
    RECORD_SEPARATOR(order -> order.insert(1, utf8("\u001E"))),
    NO_BREAK_SPACE(order -> order.insert(order.valueOf("total"), utf8("\u00A0"))),
    TEXT_AFTER_RECORD(Reach.LINES_AND_ELEMENTS, order -> order.insert(order.length(), utf8(" end"))),
    TWO_RECORDS(Reach.LINES_AND_ELEMENTS, order -> order.insert(order.length(), utf8(" {\"id\":1}"))),
    NO_JSON_AT_ALL(Reach.LINES_AND_ELEMENTS, order -> {
        order.clear();
        order.put(utf8("connection reset by peer"));
    }),
    CUT_OFF(Reach.LINES, order -> order.cut(order.valueOf("total") + 2)),
    CUT_OFF_IN_STRING(Reach.LINES, order -> order.cut(order.valueOf("placed") + 6)),
    CUT_OFF_AFTER_COLON(Reach.LINES, order -> order.cut(order.colonAfter("paid") + 1)),
    UNCLOSED_STRING(Reach.LINES, order -> {
        int quote = order.next('"', order.valueOf("currency") + 1);
        order.replace(quote, quote + 1, utf8(""));
    }),
    EXTRA_BRACKET(Reach.LINES, order -> order.put('}')),
    STRAY_CONTINUATION_BYTE(VIOLATION_CODE_INVALID_UTF8, order -> order.insertIntoString("name", 0x80)),
    LATIN_1_LETTER(VIOLATION_CODE_INVALID_UTF8, order -> order.insertIntoString("name", 0xE9)),
    CUT_SEQUENCE(VIOLATION_CODE_INVALID_UTF8, order -> order.insertIntoString("name", 0xE2, 0x82)),
    OVERLONG_SEQUENCE(VIOLATION_CODE_INVALID_UTF8, order -> order.insertIntoString("name", 0xC0, 0xAF)),
    ENCODED_SURROGATE(VIOLATION_CODE_INVALID_UTF8, order -> order.insertIntoString("name", 0xED, 0xA0, 0x80)),
    BEYOND_UNICODE(VIOLATION_CODE_INVALID_UTF8, order -> order.insertIntoString("name", 0xF4, 0x90, 0x80, 0x80)),
    LONE_HIGH_SURROGATE(VIOLATION_CODE_LONE_SURROGATE, order -> order.setScalar("total", "\"\\ud83d\"")),
    LONE_LOW_SURROGATE(VIOLATION_CODE_LONE_SURROGATE, order -> order.setScalar("total", "\"\\ude00\"")),
    SWAPPED_SURROGATES(VIOLATION_CODE_LONE_SURROGATE, order -> order.setScalar("total", "\"\\ude00\\ud83d\"")),
    DUPLICATE_KEY(VIOLATION_CODE_DUPLICATE_KEY, order -> order.insert(order.keyAt("paid"), utf8("\"total\":1,"))),
    DUPLICATE_KEY_BY_ESCAPE(
            VIOLATION_CODE_DUPLICATE_KEY, order -> order.insert(order.keyAt("paid"), utf8("\"t\\u006ftal\":1,"))),
    /** One array more than is allowed: the order itself has depth 1. */
    TOO_DEEP(VIOLATION_CODE_DEPTH, order -> order.setScalar("total", "[".repeat(1_024) + "]".repeat(1_024))),
    EMPTY_ELEMENT(VIOLATION_CODE_EMPTY_ELEMENT, Reach.ELEMENTS, RecordBytes::clear);

    private final ViolationCode code;
    private final Reach reach;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing
    private final Consumer<RecordBytes> edit;

    Fault(Consumer<RecordBytes> edit) {
        this(VIOLATION_CODE_SYNTAX, Reach.RECORDS, edit);
    }

    Fault(Reach reach, Consumer<RecordBytes> edit) {
        this(VIOLATION_CODE_SYNTAX, reach, edit);
    }

    Fault(ViolationCode code, Consumer<RecordBytes> edit) {
        this(code, Reach.RECORDS, edit);
    }

    Fault(ViolationCode code, Reach reach, Consumer<RecordBytes> edit) {
        this.code = code;
        this.reach = reach;
        this.edit = edit;
    }

    ViolationCode code() {
        return code;
    }

    /** Whether records of a format can have it without changing where other records begin and end. */
    boolean survives(SampleFormat format) {
        return reach.includes(format);
    }

    /** Does it to an order that {@link OrderWriter} wrote. */
    void spoil(RecordBytes order) {
        edit.accept(order);
    }

    /** Where a fault leaves the framing as it was. */
    private enum Reach {
        RECORDS,
        LINES_AND_ELEMENTS,
        LINES,
        ELEMENTS;

        boolean includes(SampleFormat format) {
            return switch (format) {
                case NDJSON -> this != ELEMENTS;
                case ARRAY -> this != LINES;
                case CONCATENATED -> this == RECORDS;
                case DOCUMENT -> false;
            };
        }
    }
}
