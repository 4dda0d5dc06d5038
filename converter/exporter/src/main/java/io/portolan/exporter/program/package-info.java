/** The arguments of JAX programs, filled from checkpoints. */
package io.portolan.exporter.program;
