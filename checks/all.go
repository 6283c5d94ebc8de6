package checks

import "github.com/demarc/demarc/analyzer"

// All lists every check, by service. The rows are built on request: a process
// that needs none pays nothing.
func All() []*analyzer.Check {
	var rows []*analyzer.Check
	for _, service := range [][]row{
		ec2(),
		autoscaling(),
		ebs(),
		ssm(),
		securitygroup(),
		vpc(),
		elb(),
		waf(),
		rds(),
		backup(),
		emr(),
		beanstalk(),
		s3(),
		dynamodb(),
		glacier(),
		sqs(),
		sns(),
		kms(),
		secretsmanager(),
		iam(),
		lambda(),
		ecs(),
		ecr(),
		eks(),
		cloudtrail(),
		cloudwatch(),
		config(),
		guardduty(),
		datastores(),
		search(),
		streams(),
		filesystems(),
		edge(),
		api(),
		developer(),
		analytics(),
		change(),
	} {
		for i := range service {
			rows = append(rows, &service[i])
		}
	}
	return rows
}
