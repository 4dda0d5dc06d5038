package io.portolan.cli;

import io.portolan.runtime.RuntimeOptions;
import picocli.CommandLine.Option;

/** The option of the self-test of a model before its use. */
final class SelfTestOption {
    @Option(
            names = "--no-self-test",
            description =
                    "Skip the self-test, which runs a sample in the file and compares its logits. Without it, a machine that"
                            + " computes wrongly or a file that was changed since its export goes unnoticed.")
    private boolean untested;

    RuntimeOptions applied(RuntimeOptions options) {
        return untested ? options.withoutSelfTest() : options;
    }
}
