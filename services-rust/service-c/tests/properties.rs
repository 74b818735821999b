//! No request makes the service fail, and every answer is JSON or a problem.

use proptest::proptest;
use testing::{assert_robust, requests, send};
use tokio::runtime::Runtime;

proptest! {
    #[test]
    fn every_request_gets_a_proper_answer(asked in requests(&["/time", "/health"])) {
        let answer = Runtime::new()?.block_on(send(service_c::router(), asked.clone()));
        assert_robust(&asked, &answer, &service_c::openapi())?;
    }
}
