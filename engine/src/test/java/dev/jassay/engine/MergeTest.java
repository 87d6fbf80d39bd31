package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jassay.v1.MergeConfig;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Profile;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MergeTest {
    private final Engine engine = Engines.open();

    @AfterEach
    void closeEngine() {
        assertThat(engine.usage().memoryReserved()).isZero();
        engine.close();
    }

    private static ProcessConfig config(int part) {
        return ProcessConfig.newBuilder()
                .setPart(part)
                .setProfile(Profile.newBuilder().setWithState(true))
                .build();
    }

    private byte[] state(int part, String text) throws IOException {
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        try (Plan plan = Engines.compile(engine, config(part));
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, text)) {
            session.feed(slab);
            session.writeState(Channels.newChannel(state));
            assertThat(Engines.result(session).getState()).isEmpty();
        }
        return state.toByteArray();
    }

    private ProcessResult merge(byte[]... states) throws ConfigException {
        try (Plan plan = engine.compileMerge(new byte[0]);
                Session session = engine.newSession(plan)) {
            for (byte[] state : states) {
                try (Slab slab = Engines.slabOf(engine, state)) {
                    session.feed(slab);
                }
            }
            return Engines.result(session);
        }
    }

    @Test
    void feed_states_mergesThem() throws Exception {
        ProcessResult merged = merge(state(1, "x\n"), state(0, "1\n2\n"));
        assertThat(merged.getCounts().getRecords()).isEqualTo(3);
        assertThat(merged.getViolations(0).getLine()).isEqualTo(3);
    }

    @Test
    void merge_ofPartsOfOtherSessions_isTheirResult() throws Exception {
        byte[] keepPositions =
                MergeConfig.newBuilder().setKeepPositions(true).build().toByteArray();
        ProcessConfig config = config(0).toBuilder().clearPart().build();
        try (Plan plan = Engines.compile(engine, config);
                Plan merging = engine.compileMerge(keepPositions);
                Session merge = engine.newSession(merging);
                Session parts = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, "1\nx\n")) {
            parts.feed(slab);
            assertThat(parts.progress()).isEqualTo(new SessionProgress(4, 2, 1, 0, 0));
            assertThat(parts.endPart(0, "a").records()).isEqualTo(2);
            parts.feed(slab);
            parts.interrupt();
            SessionProgress second = parts.endPart(1, "b");
            assertThat(second.termination()).isEqualTo(Termination.TERMINATION_INTERRUPTED_VALUE);
            merge.merge(parts);
            assertThatIllegalStateException().isThrownBy(parts::progress);
            ProcessResult result = Engines.result(merge);
            assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_INTERRUPTED);
            assertThat(result.getViolationsList())
                    .extracting(Violation::getSource)
                    .containsExactly("a", "b");
            assertThat(result.getViolationsList())
                    .extracting(Violation::getErrorOffset)
                    .containsExactly(2L, 2L);
        }
    }

    @Test
    void feed_statesThatCannotBeMerged_saysWhy() throws Exception {
        byte[] state = state(0, "1\n");
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> merge(state, state))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(StateException.Reason.INCOMPATIBLE));
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> merge(new byte[] {1}))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(StateException.Reason.DAMAGED));
    }

    @Test
    void compileMerge_unreadableConfig_isRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> engine.compileMerge(new byte[] {10, 5}))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(ConfigException.Reason.UNREADABLE));
    }

    @Test
    void writeState_whereNoneIsAskedFor_writesNothing() throws Exception {
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan)) {
            session.writeState(Channels.newChannel(state));
            assertThat(Engines.result(session).getCounts().getRecords()).isZero();
        }
        assertThat(state.size()).isZero();
    }

    @Test
    void writeState_toAChannelThatFails_throwsItsException() {
        try (Plan plan = Engines.compile(engine, config(0));
                Session session = engine.newSession(plan)) {
            assertThatThrownBy(() -> session.writeState(new Full()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no space left");
        }
    }

    /** A channel that takes nothing. */
    private static final class Full implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            throw new IOException("no space left");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
