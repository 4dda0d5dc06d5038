/**
 * Files that are read only if they are regular ones, and written whole or not at all.
 */
package io.portolan.checkpoints.files;
