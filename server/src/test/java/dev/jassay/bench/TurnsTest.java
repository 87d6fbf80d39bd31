package dev.jassay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.bench.Turns.Figures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    @Test
    void take_twoSubjects_measuresThemInTurnAndDropsTheFirstRound() throws Exception {
        List<String> order = new ArrayList<>();
        List<Figures> figures = new Turns(2)
                .take(
                        "test",
                        List.of(
                                () -> {
                                    order.add("a");
                                    return order.size();
                                },
                                () -> {
                                    order.add("b");
                                    return order.size();
                                }));
        assertThat(order).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(figures.get(0).all()).containsExactly(3.0, 5.0);
        assertThat(figures.get(1).all()).containsExactly(4.0, 6.0);
    }

    @Test
    void median_ofAnOddAndAnEvenCount_isTheMiddle() {
        assertThat(new Figures(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
        assertThat(new Figures(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @Test
    void quantile_ofAHundred_isTheOneOfThatRank() {
        List<Double> hundred = new ArrayList<>();
        for (double figure = 100; figure >= 1; figure--) {
            hundred.add(figure);
        }
        Figures figures = new Figures(hundred);
        assertThat(figures.quantile(0.99)).isEqualTo(99);
        assertThat(figures.quantile(1)).isEqualTo(100).isEqualTo(figures.largest());
        assertThat(figures.quantile(0)).isEqualTo(1);
    }
}
