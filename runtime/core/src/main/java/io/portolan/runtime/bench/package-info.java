/**
 * Benchmarks of models on this machine. Compared runs are interleaved within one process, so that ratios are fair. The
 * package needs only the runtime itself, so models can be measured where they are deployed.
 */
package io.portolan.runtime.bench;
