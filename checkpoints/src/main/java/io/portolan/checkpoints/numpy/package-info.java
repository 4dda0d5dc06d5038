/**
 * Arrays as numpy writes them: {@code .npy} files and {@code .npz} archives.
 */
package io.portolan.checkpoints.numpy;
