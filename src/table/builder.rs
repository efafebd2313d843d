//! From rows to Arrow arrays.
//!
//! Input: rows of one table. Output: a [`RecordBatch`]. Contract: as many rows as were pushed, in that order;
//! the schema carries what each column means in the field's metadata ("about").

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Float64Builder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::columns::{Cell, ColumnType, Table};

enum ArrayBuilder {
    Text(StringBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Float(Float64Builder),
    Day(Date32Builder),
}

impl ArrayBuilder {
    fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Int => Self::Int(Int32Builder::new()),
            ColumnType::Long => Self::Long(Int64Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Day => Self::Day(Date32Builder::new()),
        }
    }

    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(value)) => builder.append_option(value),
            (Self::Int(builder), Cell::Int(value)) => builder.append_option(value),
            (Self::Long(builder), Cell::Long(value)) => builder.append_option(value),
            (Self::Float(builder), Cell::Float(value)) => builder.append_option(value),
            (Self::Day(builder), Cell::Day(value)) => builder.append_option(value),
            _ => unreachable!("the registry test checks that each column reads cells of its own type"),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Int(builder) => Arc::new(builder.finish()),
            Self::Long(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Day(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Builds batches of one table.
pub struct Builder<T: Table> {
    schema: SchemaRef,
    arrays: Vec<ArrayBuilder>,
    table: std::marker::PhantomData<T>,
    rows: usize,
}

impl<T: Table> Default for Builder<T> {
    fn default() -> Self {
        Self {
            schema: schema::<T>(),
            arrays: T::COLUMNS.iter().map(|column| ArrayBuilder::new(column.kind)).collect(),
            table: std::marker::PhantomData,
            rows: 0,
        }
    }
}

impl<T: Table> Builder<T> {
    /// Adds a row.
    pub fn push<'r>(&mut self, row: &'r T::Row<'r>) {
        for (array, column) in self.arrays.iter_mut().zip(T::COLUMNS) {
            array.push((column.read)(row));
        }
        self.rows += 1;
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// True before the first row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The rows as a batch; the builder is empty again.
    pub fn finish(&mut self) -> RecordBatch {
        self.rows = 0;
        let arrays = self.arrays.iter_mut().map(ArrayBuilder::finish).collect();
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).expect("arrays of one length, of the schema's types")
    }
}

/// The Arrow schema of a table.
pub fn schema<T: Table>() -> SchemaRef {
    let fields = T::COLUMNS.iter().map(|column| {
        let kind = match column.kind {
            ColumnType::Text => DataType::Utf8,
            ColumnType::Int => DataType::Int32,
            ColumnType::Long => DataType::Int64,
            ColumnType::Float => DataType::Float64,
            ColumnType::Day => DataType::Date32,
        };
        let about = HashMap::from([("about".to_owned(), column.about.to_owned())]);
        Field::new(column.name, kind, column.nullable).with_metadata(about)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
