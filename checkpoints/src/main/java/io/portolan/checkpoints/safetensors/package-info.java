/**
 * Safetensors files, alone or in shards with an index.
 */
package io.portolan.checkpoints.safetensors;
