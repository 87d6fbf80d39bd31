package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.jassay.v1.MergeConfig;
import dev.jassay.v1.MergeRequest;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Profile;
import dev.jassay.v1.ProfileScope;
import dev.jassay.v1.WarningCode;
import io.grpc.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MergeTest extends OneRig {
    private static final String[] PARTS = {
        "{\"id\":1,\"name\":\"a\"}\n{\"id\":2,}\n", "{\"id\":3.5}\n", "{\"id\":null}\n[1,\n{}\n"
    };

    private static ProcessConfig config() {
        return ProcessConfig.newBuilder()
                .setProfile(Profile.newBuilder()
                        .setScope(ProfileScope.PROFILE_SCOPE_VALID)
                        .setInferSchema(true))
                .build();
    }

    private ByteString state(int part) {
        ProcessConfig.Builder config = config().toBuilder().setPart(part);
        config.getProfileBuilder().setWithState(true);
        return TestCall.process(channel, config.build(), PARTS[part]).getState();
    }

    /** Without what a merge leaves out, too. */
    private static ProcessResult comparable(ProcessResult result) {
        return result.toBuilder()
                .clearTiming()
                .clearProvenance()
                .clearState()
                .clearInvalidOverStream()
                .build();
    }

    @Test
    void merge_allParts_isTheResultOfTheWhole() {
        ProcessResult whole = TestCall.process(channel, config(), String.join("", PARTS));
        TestCall merge = TestCall.startMerge(channel);
        for (int part : new int[] {2, 0, 1}) {
            merge.chunk(state(part).toByteArray());
        }
        ProcessResult merged = merge.halfClose().result();
        assertThat(comparable(merged)).isEqualTo(comparable(whole));
        assertThat(merged.getState()).isEmpty();
        assertThat(merged.getTiming().getReceivedBytes()).isPositive();
    }

    @Test
    void merge_inTwoSteps_isTheResultOfTheWhole() {
        MergeConfig withState = MergeConfig.newBuilder().setWithState(true).build();
        ByteString some = TestCall.startMerge(channel)
                .message(MergeRequest.newBuilder().setConfig(withState).build().toByteArray())
                .chunk(state(1).toByteArray())
                .chunk(state(2).toByteArray())
                .halfClose()
                .result()
                .getState();
        byte[] both = some.concat(state(0)).toByteArray();
        TestCall merge = TestCall.startMerge(channel);
        for (int from = 0; from < both.length; from += 100) {
            merge.chunk(Arrays.copyOfRange(both, from, Math.min(both.length, from + 100)));
        }
        ProcessResult whole = TestCall.process(channel, config(), String.join("", PARTS));
        assertThat(comparable(merge.halfClose().result())).isEqualTo(comparable(whole));
    }

    @Test
    void merge_withAPartMissing_warns() {
        ProcessResult merged = TestCall.startMerge(channel)
                .chunk(state(2).toByteArray())
                .chunk(state(1).toByteArray())
                .halfClose()
                .result();
        assertThat(merged.getWarningsList())
                .extracting(warning -> warning.getCode())
                .containsExactly(WarningCode.WARNING_CODE_PARTS_MISSING);
        assertThat(merged.getViolations(0).getRecordIndex()).isEqualTo(1);
    }

    @Test
    void merge_samePartTwice_isIncompatible() {
        byte[] state = state(1).toByteArray();
        TestCall.Failure failure = TestCall.startMerge(channel)
                .chunk(state)
                .chunk(state)
                .halfClose()
                .failure();
        assertThat(failure.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failure.reason()).isEqualTo("STATE_INCOMPATIBLE");
        assertThat(failure.status().getDescription()).contains("state 2", "part 1 has come before");
    }

    @Test
    void merge_ofNothingOrOfWhatIsNoState_isDamaged() {
        byte[] cut = state(0).substring(0, 50).toByteArray();
        for (TestCall call : new TestCall[] {
            TestCall.startMerge(channel),
            TestCall.startMerge(channel).chunk("{}"),
            TestCall.startMerge(channel).chunk(cut)
        }) {
            TestCall.Failure failure = call.halfClose().failure();
            assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.reason()).isEqualTo("STATE_DAMAGED");
        }
    }

    @Test
    void merge_lateConfigOrUnreadableMessage_isRefused() {
        byte[] config = MergeRequest.newBuilder()
                .setConfig(MergeConfig.getDefaultInstance())
                .build()
                .toByteArray();
        assertThat(TestCall.startMerge(channel)
                        .chunk(state(0).toByteArray())
                        .message(config)
                        .failure()
                        .reason())
                .isEqualTo("CONFIG_OUT_OF_ORDER");
        TestCall.Failure unreadable =
                TestCall.startMerge(channel).message(new byte[] {10, 5, 1}).failure();
        assertThat(unreadable.reason()).isEqualTo("MESSAGE_INVALID");
        assertThat(unreadable.status().getDescription()).contains("MergeRequest");
    }

    @Test
    void merge_textOfAProcessRequest_isAnUnknownField() {
        TestCall.Failure failure =
                TestCall.startMerge(channel).text("no chunk").halfClose().failure();
        assertThat(failure.status().getDescription()).contains("there is none");
    }
}
