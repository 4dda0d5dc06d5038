package io.portolan.checkpoints.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;

/** A pickle that the reader must refuse, with what its message must say. */
record RefusedPickle(String name, ByteBuffer bytes, String problem, String instruction) {

    void check() {
        assertThatThrownBy(() -> PickleReader.read("model.pkl", bytes))
                .isExactlyInstanceOf(PickleException.class)
                .hasMessageStartingWith("model.pkl: ")
                .hasMessageContaining(problem)
                .hasMessageMatching(".* at byte [0-9]+ \\(" + instruction + "\\): expected .+")
                .satisfies(refused ->
                        assertThat(refused.getMessage()).doesNotContain("\n").hasSizeLessThan(400));
    }

    @Override
    public String toString() {
        return name;
    }
}
