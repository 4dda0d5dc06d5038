package io.portolan.cli;

import io.portolan.runtime.RuntimeOptions;
import picocli.CommandLine.Option;

/** Whether a model proves itself before it is used. */
final class SelfTestOption {
    @Option(
            names = "--no-self-test",
            description =
                    "Do not run the sample that the file carries with its logits. Then nothing tells of a machine that"
                            + " computes wrongly, nor of a file that was changed since its export.")
    private boolean untested;

    RuntimeOptions applied(RuntimeOptions options) {
        return untested ? options.withoutSelfTest() : options;
    }
}
