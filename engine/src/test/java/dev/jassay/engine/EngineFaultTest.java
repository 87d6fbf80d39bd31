package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.jassay.v1.ProcessConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With a library in which a label of the config makes the judge panic. */
final class EngineFaultTest {
    private static final ProcessConfig PANIC =
            ProcessConfig.newBuilder().putLabels("jassay.fault", "panic").build();

    @Test
    void feed_enginePanics_throwsAndTheNextSessionWorks() {
        try (Engine engine = Engines.open(Path.of(System.getProperty("jassay.test.faultyEngine", "")))) {
            EngineUsage baseline = engine.usage();
            for (int i = 0; i < 10; i++) {
                panicOnce(engine);
                assertThat(Engines.process(engine, Engines.DEFAULTS, "1\n2\n")
                                .getCounts()
                                .getValid())
                        .isEqualTo(2);
            }
            assertThat(engine.usage()).isEqualTo(baseline);
        }
    }

    private static void panicOnce(Engine engine) {
        try (Plan plan = Engines.compile(engine, PANIC);
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, "1\n2\n")) {
            assertThatExceptionOfType(EngineFaultException.class)
                    .isThrownBy(() -> {
                        session.feed(slab);
                        session.finish();
                    })
                    .withMessageMatching("(?s).+");
            assertThatIllegalStateException().isThrownBy(session::finish);
        }
    }
}
