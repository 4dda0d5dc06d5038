/**
 * Numpy's file formats: {@code .npy} files and {@code .npz} archives.
 */
package io.portolan.checkpoints.numpy;
