/**
 * TensorStore's OCDBT databases, in which Orbax keeps all arrays of a checkpoint: a manifest, B+tree nodes and values in
 * files of a folder. Only the newest version of a database is read. The format is described in TensorStore's
 * {@code kvstore/ocdbt/index.rst}.
 */
package io.portolan.checkpoints.ocdbt;
