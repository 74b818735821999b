//! The committed description is what the code says.

#[test]
fn the_description_is_up_to_date() {
    testing::assert_openapi(env!("CARGO_MANIFEST_DIR"), &service_c::openapi());
}
