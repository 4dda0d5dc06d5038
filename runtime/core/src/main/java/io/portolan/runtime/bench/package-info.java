/**
 * How fast models run here, measured so that ratios are fair: everything that is compared is timed in turn within one
 * process. It needs no more than the runtime itself, so that those who deploy can measure where they deploy.
 */
package io.portolan.runtime.bench;
