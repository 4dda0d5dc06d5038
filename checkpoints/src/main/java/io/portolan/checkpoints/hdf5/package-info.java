/**
 * Weights in HDF5 files, as Keras writes them. The structure of a file is read by jHDF; elements are taken from the file, and
 * unpacked within limits, by this package.
 */
package io.portolan.checkpoints.hdf5;
