/**
 * ONNX models as transformers of Spark ML. A model is broadcast once, each executor process has one session of it, which its tasks
 * share, and rows are run in batches.
 */
package io.portolan.spark;
