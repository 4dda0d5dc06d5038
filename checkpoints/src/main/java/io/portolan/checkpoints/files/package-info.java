/**
 * Access to files: only regular files are read, and files are written atomically.
 */
package io.portolan.checkpoints.files;
