package dev.jassay.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProfileScope;
import java.nio.charset.StandardCharsets;

/** A result as large as people look at: 4,096 fields, nearly all of them with a histogram, and 1,000 violations in as many places. */
final class LargeResult {
    static final int FIELDS = 4096;
    static final int VIOLATIONS = 1000;
    private static final int VALID_RECORDS = 200;
    private static final long MAX_RESULT_BYTES = 64L << 20;

    private LargeResult() {}

    /** As the service gives it, in JSON. */
    static String json(WebRig rig) throws InvalidProtocolBufferException {
        ProcessConfig.Builder config = ProcessConfig.newBuilder();
        config.getProfileBuilder()
                .setScope(ProfileScope.PROFILE_SCOPE_VALID)
                .setMaxPaths(FIELDS)
                .setMaxKeys(FIELDS);
        config.getReportBuilder().setMaxViolations(VIOLATIONS).setMaxResultBytes(MAX_RESULT_BYTES);
        ProcessResult result = rig.judge(config.build(), records());
        if (result.getFieldsCount() != FIELDS || result.getViolationsCount() != VIOLATIONS) {
            throw new AssertionError(
                    result.getFieldsCount() + " fields, " + result.getViolationsCount() + " violations");
        }
        return JsonFormat.printer().print(result);
    }

    /** The records themselves are a field too. */
    private static byte[] records() {
        StringBuilder records = new StringBuilder();
        for (int record = 0; record < VALID_RECORDS; record++) {
            for (int field = 1; field < FIELDS; field++) {
                records.append(field == 1 ? "{" : ",");
                key(records, field).append((record * 31 + field) % 97 * (field % 5 + 1));
            }
            records.append("}\n");
        }
        for (int field = 1; field <= VIOLATIONS; field++) {
            key(records.append('{'), field).append("01}\n");
        }
        return records.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static StringBuilder key(StringBuilder records, int field) {
        return records.append("\"measure_").append(field).append("\":");
    }
}
