package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Verdict;
import dev.jassay.v1.ViolationCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SessionTest {
    private final Engine engine = Engines.open();

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    @Test
    void feed_validAndInvalidRecords_areCountedAndLocated() {
        ProcessResult result = Engines.process(engine, Engines.DEFAULTS, "{\"a\":1}\n{\"a\":}\n[1,2]\n");

        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_FAIL);
        assertThat(result.getCounts().getValid()).isEqualTo(2);
        assertThat(result.getCounts().getInvalid()).isEqualTo(1);
        assertThat(result.getViolationsList()).singleElement().satisfies(violation -> {
            assertThat(violation.getCode()).isEqualTo(ViolationCode.VIOLATION_CODE_SYNTAX);
            assertThat(violation.getRecordIndex()).isEqualTo(1);
            assertThat(violation.getErrorOffset()).isEqualTo(13);
        });
    }

    @Test
    void feed_slabBySlab_isOneStream() {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan);
                Slab slab = engine.slabs().acquire()) {
            for (byte b : "{\"a\":\"é\"}\n[]\n".getBytes(StandardCharsets.UTF_8)) {
                slab.put(new byte[] {b}, 0, 1);
                assertThat(session.feed(slab)).isEqualTo(Progress.MORE);
                slab.clear();
            }
            ProcessResult result = Engines.result(session);
            assertThat(result.getCounts().getValid()).isEqualTo(2);
            assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_PASS);
        }
    }

    @Test
    void feed_emptySlab_changesNothing() {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan);
                Slab slab = engine.slabs().acquire()) {
            assertThat(session.feed(slab)).isEqualTo(Progress.MORE);
            ProcessResult result = Engines.result(session);
            assertThat(result.getCounts().getBytes()).isZero();
            assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_PASS);
        }
    }

    @Test
    void feed_fullSlab_isReadToItsLastByte() {
        byte[] blank = new byte[engine.slabs().slabBytes()];
        Arrays.fill(blank, (byte) ' ');
        blank[0] = '1';
        blank[blank.length - 1] = 'x';
        ProcessConfig document =
                ProcessConfig.newBuilder().setFormat(Format.FORMAT_DOCUMENT).build();
        try (Plan plan = Engines.compile(engine, document);
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, blank)) {
            session.feed(slab);
            assertThat(Engines.result(session).getViolations(0).getErrorOffset())
                    .isEqualTo(blank.length - 1);
        }
    }

    @Test
    void feed_streamThatCannotGoOn_isDone() {
        ProcessConfig array =
                ProcessConfig.newBuilder().setFormat(Format.FORMAT_ARRAY).build();
        try (Plan plan = Engines.compile(engine, array);
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, "[1] 2")) {
            assertThat(session.feed(slab)).isEqualTo(Progress.DONE);
            assertThat(session.feed(slab)).isEqualTo(Progress.DONE);
            ProcessResult result = Engines.result(session);
            assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_UNRECOVERABLE_SYNTAX);
            assertThat(result.getStoppedAt()).isEqualTo(4);
        }
    }

    @Test
    void finish_nothingFed_isAnEmptyInput() {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan)) {
            ProcessResult result = Engines.result(session);
            assertThat(result.getCounts().getRecords()).isZero();
            assertThat(result.getWarningsCount()).isEqualTo(1);
        }
    }

    @Test
    void anyCall_afterFinish_throwsIllegalState() {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, "1")) {
            session.finish();
            assertThatIllegalStateException().isThrownBy(() -> session.feed(slab));
            assertThatIllegalStateException().isThrownBy(session::finish);
            assertThat(slab.length()).isEqualTo(1);
        }
    }

    @Test
    void anyCall_afterClose_throwsIllegalStateAndCancelDoesNothing() {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Slab slab = Engines.slabOf(engine, "1")) {
            Session session = engine.newSession(plan);
            session.close();
            session.close();
            session.cancel();
            assertThatIllegalStateException()
                    .isThrownBy(() -> session.feed(slab))
                    .withMessage("the session is closed");
            assertThatIllegalStateException().isThrownBy(session::finish);
        }
    }

    @Test
    void cancel_beforeACall_makesItThrow() {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, "1\n")) {
            session.feed(slab);
            session.cancel();
            assertThatExceptionOfType(SessionCancelledException.class).isThrownBy(() -> session.feed(slab));
        }
    }

    @Test
    void feed_recordThatDoesNotFitTheMemory_isRefused() {
        byte[] endless = new byte[1 << 20];
        Arrays.fill(endless, (byte) 'a');
        endless[0] = '"';
        try (Engine small = Engines.openWithMemory(2L << 20);
                Plan plan = Engines.compile(small, Engines.DEFAULTS);
                Slab slab = Engines.slabOf(small, endless)) {
            EngineUsage baseline = small.usage();
            try (Session session = small.newSession(plan)) {
                assertThatExceptionOfType(MemoryRefusedException.class)
                        .isThrownBy(() -> {
                            for (int i = 0; i < 16; i++) {
                                session.feed(slab);
                            }
                        })
                        .withMessageMatching(".+");
            }
            assertThat(small.usage()).isEqualTo(baseline);
        }
    }
}
