/** TFRecord files and the examples in them, as the reference's converters write them. */
package io.portolan.graphs.data.tfrecord;
