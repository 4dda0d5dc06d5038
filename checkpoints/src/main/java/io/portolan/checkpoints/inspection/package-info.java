/** What a checkpoint's arrays hold: statistics of their elements, and the differences of two checkpoints. */
package io.portolan.checkpoints.inspection;
