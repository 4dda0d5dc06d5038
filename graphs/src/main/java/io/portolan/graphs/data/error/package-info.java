/** What is wrong with a data set, for the readers of every format. Below them all, so that none of them depends on another. */
package io.portolan.graphs.data.error;
