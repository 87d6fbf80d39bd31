package dev.jassay.web;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.Profile;
import dev.jassay.v1.Report;
import dev.jassay.v1.Validation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.UrlEncoded;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request to judge: the name of the call, and those fields of the config that have a simple value, under the names of
 * the command line's flags. What they say goes before what a config says.
 */
final class ProcessQuery {
    private static final String CALL = "call";
    private static final String LABEL = "label";
    private static final String PROFILE = "profile";
    private static final String AUTO = "auto";

    /** Of 32 and 64 bits: larger numbers are refused here, and those that mean nothing by the engine. */
    private static final BigInteger MAX_UINT32 = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);

    private static final BigInteger MAX_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MAX_DIGITS = 20;

    /** A field of the config, and that of the message in it which it stands in, if it does. */
    private record Place(Optional<FieldDescriptor> message, FieldDescriptor field) {}

    private static final Map<String, Place> PLACES = places();

    private final List<Problem.Violation> violations = new ArrayList<>();
    private final Map<Place, Object> values = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private Optional<String> call = Optional.empty();

    private ProcessQuery() {}

    /**
     * Reads the query of a URI.
     *
     * @param query still encoded; null where there is none
     * @throws ProblemException that names every parameter which is unknown, repeated or of a wrong value
     */
    static ProcessQuery read(@Nullable String query) throws ProblemException {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        try {
            if (query != null) {
                UrlEncoded.decodeUtf8To(
                        query,
                        0,
                        query.length(),
                        (name, value) -> parameters
                                .computeIfAbsent(name, _ -> new ArrayList<>())
                                .add(value));
            }
        } catch (IllegalArgumentException e) {
            throw RequestBody.invalid("the query is not UTF-8 in percent encoding");
        }
        ProcessQuery read = new ProcessQuery();
        parameters.forEach(read::take);
        if (!read.violations.isEmpty()) {
            throw new ProblemException(Problem.configInvalid(read.violations));
        }
        return read;
    }

    /** The name that the client gives the call. */
    Optional<String> call() {
        return call;
    }

    /** Whether it says nothing of the config. */
    boolean saysNothing() {
        return values.isEmpty() && labels.isEmpty();
    }

    /** A config with what the query says in place of what it said. */
    ProcessConfig over(ProcessConfig config) {
        ProcessConfig.Builder changed = config.toBuilder();
        values.forEach((place, value) -> {
            Message.Builder target = place.message()
                    .<Message.Builder>map(changed::getFieldBuilder)
                    .orElse(changed);
            target.setField(place.field(), value);
        });
        return changed.putAllLabels(labels).build();
    }

    private void take(String name, List<String> given) {
        try {
            if (name.equals(LABEL)) {
                given.forEach(this::putLabel);
                return;
            }
            if (given.size() > 1) {
                throw new IllegalArgumentException("stands there " + given.size() + " times: give it once");
            }
            String value = given.getFirst();
            if (name.equals(CALL)) {
                call = Optional.of(callId(value));
            } else {
                Place place = place(name);
                values.put(place, parse(place.field(), value));
            }
        } catch (IllegalArgumentException e) {
            violations.add(new Problem.Violation(name, String.valueOf(e.getMessage())));
        }
    }

    private static String callId(String value) {
        if (!RunningCalls.isId(value)) {
            throw new IllegalArgumentException("write 1 to 64 letters, digits, - or _");
        }
        return value;
    }

    private void putLabel(String label) {
        int end = label.indexOf('=');
        if (end < 1) {
            throw new IllegalArgumentException("write KEY=VALUE, encoded, as in label=day%3Dmonday");
        }
        String key = label.substring(0, end);
        if (labels.put(key, label.substring(end + 1)) != null) {
            throw new IllegalArgumentException("the label " + key + " is given twice: give each once");
        }
    }

    private static Place place(String name) {
        Place place = PLACES.get(name);
        if (place == null) {
            throw new IllegalArgumentException(
                    "there is no such parameter; there are " + CALL + ", " + LABEL + ", " + String.join(", ", names()));
        }
        return place;
    }

    /** Of the fields of a config. */
    static List<String> names() {
        return PLACES.keySet().stream().sorted().toList();
    }

    private static Object parse(FieldDescriptor field, String value) {
        return switch (field.getType()) {
            case STRING -> value;
            case UINT32 -> unsigned(value, MAX_UINT32).intValue();
            case UINT64 -> unsigned(value, MAX_UINT64).longValue();
            case BOOL -> truth(value);
            case ENUM -> choice(field, value);
            default -> throw new IllegalStateException(field + " has no simple value");
        };
    }

    private static BigInteger unsigned(String value, BigInteger max) {
        boolean digits = !value.isEmpty()
                && value.length() <= MAX_DIGITS
                && value.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        BigInteger number = digits ? new BigInteger(value) : MAX_UINT64;
        if (!digits || number.compareTo(max) > 0) {
            throw new IllegalArgumentException("write a number from 0 to " + max);
        }
        return number;
    }

    /** A name without a value says yes. */
    private static boolean truth(String value) {
        return switch (value) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("write true or false");
        };
    }

    private static EnumValueDescriptor choice(FieldDescriptor field, String value) {
        Map<String, EnumValueDescriptor> choices = new LinkedHashMap<>();
        String prefix = commonPrefix(field);
        for (EnumValueDescriptor choice : field.getEnumType().getValues()) {
            // What is detected where nobody says it is called auto.
            String name =
                    choice.getNumber() == 0 ? AUTO : kebab(choice.getName().substring(prefix.length()));
            if (choice.getNumber() != 0 || field.getContainingType() == ProcessConfig.getDescriptor()) {
                choices.put(name, choice);
            }
        }
        EnumValueDescriptor chosen = choices.get(value);
        if (chosen == null) {
            throw new IllegalArgumentException("write one of " + String.join(", ", choices.keySet()));
        }
        return chosen;
    }

    private static String commonPrefix(FieldDescriptor field) {
        String unspecified = field.getEnumType().findValueByNumber(0).getName();
        return unspecified.substring(0, unspecified.length() - "UNSPECIFIED".length());
    }

    private static Map<String, Place> places() {
        Map<String, Place> places = new LinkedHashMap<>();
        Descriptor config = ProcessConfig.getDescriptor();
        addFields(places, Optional.empty(), config);
        for (Map.Entry<Integer, Descriptor> part : Map.of(
                        ProcessConfig.VALIDATION_FIELD_NUMBER, Validation.getDescriptor(),
                        ProcessConfig.PROFILE_FIELD_NUMBER, Profile.getDescriptor(),
                        ProcessConfig.REPORT_FIELD_NUMBER, Report.getDescriptor())
                .entrySet()) {
            addFields(places, Optional.of(config.findFieldByNumber(part.getKey())), part.getValue());
        }
        return Map.copyOf(places);
    }

    private static void addFields(Map<String, Place> places, Optional<FieldDescriptor> message, Descriptor type) {
        for (FieldDescriptor field : type.getFields()) {
            if (isSimple(field)) {
                Place before = places.put(name(field), new Place(message, field));
                if (before != null) {
                    throw new IllegalStateException("two fields are called " + name(field));
                }
            }
        }
    }

    /** A schema is no parameter: it may be larger than a request's line. */
    private static boolean isSimple(FieldDescriptor field) {
        boolean schema = field.getContainingType() == Validation.getDescriptor()
                && field.getNumber() == Validation.SCHEMA_JSON_FIELD_NUMBER;
        return !field.isRepeated() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE && !schema;
    }

    private static String name(FieldDescriptor field) {
        boolean scope =
                field.getContainingType() == Profile.getDescriptor() && field.getNumber() == Profile.SCOPE_FIELD_NUMBER;
        return scope ? PROFILE : kebab(field.getName());
    }

    private static String kebab(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
