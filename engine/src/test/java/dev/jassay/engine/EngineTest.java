package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jassay.engine.ConfigException.FieldViolation;
import dev.jassay.engine.ConfigException.Reason;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.Report;
import dev.jassay.v1.Validation;
import org.junit.jupiter.api.Test;

final class EngineTest {
    @Test
    void open_defaults_tellsVersionKernelAndThreads() {
        try (Engine engine = Engines.open()) {
            assertThat(engine.version()).matches("\\d+\\.\\d+\\.\\d+.*");
            assertThat(engine.kernel()).isNotBlank();
            assertThat(engine.threads()).isEqualTo(Engines.THREADS);
            assertThat(engine.usage().memoryLimit()).isEqualTo(Engines.MEMORY_BYTES);
        }
    }

    @Test
    void open_mostThreads_opens() {
        try (Engine engine = Engine.open(EngineOptions.of(EngineOptions.MAX_THREADS, Engines.MEMORY_BYTES))) {
            assertThat(engine.threads()).isEqualTo(EngineOptions.MAX_THREADS);
        }
    }

    @Test
    void close_twice_doesNothing() {
        Engine engine = Engines.open();
        engine.close();
        engine.close();
    }

    @Test
    void anyCall_afterClose_throwsIllegalState() {
        Engine engine = Engines.open();
        Plan plan = Engines.compile(engine, Engines.DEFAULTS);
        engine.close();

        assertThatIllegalStateException().isThrownBy(engine::usage).withMessage("the engine is closed");
        assertThatIllegalStateException().isThrownBy(() -> engine.reserve(1));
        assertThatIllegalStateException().isThrownBy(() -> engine.compile(new byte[0]));
        assertThatIllegalStateException().isThrownBy(() -> engine.checkSchema(new byte[0]));
        assertThatIllegalStateException().isThrownBy(() -> engine.newSession(plan));
        plan.close();
    }

    @Test
    void usage_afterThousandsOfSessions_isBackAtBaseline() {
        try (Engine engine = Engines.open()) {
            EngineUsage baseline = engine.usage();
            int slabs = 0;
            for (int i = 0; i < 5_000; i++) {
                assertThat(Engines.process(engine, Engines.DEFAULTS, "{\"a\":1}\n[\n{}\n")
                                .getCounts()
                                .getRecords())
                        .isEqualTo(3);
                slabs = engine.slabs().allocated();
            }
            assertThat(engine.usage()).isEqualTo(baseline);
            assertThat(slabs).isEqualTo(1);
            assertThat(engine.slabs().idle()).isEqualTo(1);
        }
    }

    @Test
    void usage_whileOpen_countsPlansAndSessions() {
        try (Engine engine = Engines.open()) {
            EngineUsage baseline = engine.usage();
            try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                    Session first = engine.newSession(plan);
                    Session second = engine.newSession(plan)) {
                assertThat(engine.usage().plans()).isEqualTo(baseline.plans() + 1);
                assertThat(engine.usage().sessions()).isEqualTo(baseline.sessions() + 2);
                first.close();
                assertThat(engine.usage().sessions()).isEqualTo(baseline.sessions() + 1);
                second.close();
            }
            assertThat(engine.usage()).isEqualTo(baseline);
        }
    }

    @Test
    void compile_noMessage_isUnreadable() {
        try (Engine engine = Engines.open()) {
            byte[] cutOff = {0x0A, 0x7F};
            ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> engine.compile(cutOff));

            assertThat(thrown.reason()).isEqualTo(Reason.UNREADABLE);
            assertThat(thrown).hasMessageMatching(".+");
            assertThat(thrown.violations()).isEmpty();
        }
    }

    @Test
    void compile_valuesOutOfRange_namesEachField() {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setMaxDepth(1_025))
                .setReport(Report.newBuilder().setMaxPerGroup(1_001))
                .build();
        try (Engine engine = Engines.open()) {
            EngineUsage baseline = engine.usage();
            ConfigException thrown =
                    catchThrowableOfType(ConfigException.class, () -> engine.compile(config.toByteArray()));

            assertThat(thrown.reason()).isEqualTo(Reason.INVALID);
            assertThat(thrown.violations())
                    .extracting(FieldViolation::field)
                    .containsExactly("validation.max_depth", "report.max_per_group");
            assertThat(thrown.violations())
                    .extracting(FieldViolation::description)
                    .allSatisfy(description -> assertThat(description).isNotBlank());
            assertThat(engine.usage()).isEqualTo(baseline);
        }
    }

    @Test
    void newSession_planOfAnotherEngine_throwsIllegalArgument() {
        try (Engine engine = Engines.open();
                Engine other = Engines.open();
                Plan plan = Engines.compile(other, Engines.DEFAULTS)) {
            assertThatIllegalArgumentException().isThrownBy(() -> engine.newSession(plan));
        }
    }

    @Test
    void newSession_closedPlan_throwsIllegalState() {
        try (Engine engine = Engines.open()) {
            Plan plan = Engines.compile(engine, Engines.DEFAULTS);
            plan.close();
            plan.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> engine.newSession(plan))
                    .withMessage("the plan is closed");
        }
    }

    @Test
    void close_engineAndPlanFirst_sessionGoesOn() {
        Engine engine = Engines.open();
        Plan plan = Engines.compile(engine, Engines.DEFAULTS);
        Slab slab = Engines.slabOf(engine, "1\n2\n");
        Session session = engine.newSession(plan);
        engine.close();
        plan.close();

        assertThat(session.feed(slab)).isEqualTo(Progress.MORE);
        assertThat(Engines.result(session).getCounts().getRecords()).isEqualTo(2);
        session.close();
        slab.close();
    }
}
