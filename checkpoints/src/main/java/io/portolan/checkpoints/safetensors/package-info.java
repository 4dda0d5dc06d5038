/**
 * Safetensors files, single or sharded with an index.
 */
package io.portolan.checkpoints.safetensors;
