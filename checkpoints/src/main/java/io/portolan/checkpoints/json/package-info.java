/** JSON documents of checkpoint directories as plain values, read within limits. */
package io.portolan.checkpoints.json;
